//! The three parts of the application that a browser downloads when it opens a page of theirs: the entrance, the
//! chat and the settings. It refuses to know what is on a page.

use leptos::prelude::*;
use leptos_router::LazyRoute;

use super::{
    chat::{ChatLayout, ChatPage},
    not_found::NotFoundPage,
    register::RegisterPage,
    settings::{
        FirstTabPage, SettingsLayout, account::AccountPage, activity::ActivityPage,
        invitations::InvitationsPage, keys::KeysPage, models::ModelsPage, spending::SpendingPage,
    },
    sign_in::SignInPage,
};

/// A page for each route, all of them in one part, and the function of Leptos that downloads it.
macro_rules! part {
    ($part:ident, $download:ident of $routes:ident { $($route:ident shows $page:ident,)* }) => {
        /// The routes of this part.
        #[derive(Debug, Clone, Copy)]
        enum $routes {
            $($route,)*
        }

        #[lazy]
        fn $part(route: $routes) -> AnyView {
            match route {
                $($routes::$route => view! { <$page/> }.into_any(),)*
            }
        }

        $(
            /// A route whose page is downloaded with its part.
            #[derive(Debug, Clone, Copy)]
            pub struct $route;

            impl LazyRoute for $route {
                fn data() -> Self {
                    Self
                }

                async fn view(_: Self) -> AnyView {
                    $part($routes::$route).await
                }

                // The router takes a page over in one go, so everything has to be there by then.
                #[cfg(target_arch = "wasm32")]
                async fn preload() {
                    $download().await;
                }
            }
        )*
    };
}

part!(entrance, __preload_entrance of Entrance {
    SignIn shows SignInPage,
    Register shows RegisterPage,
});

part!(chat, __preload_chat of Conversations {
    ChatFrame shows ChatLayout,
    Chat shows ChatPage,
    NotFound shows NotFoundPage,
});

part!(settings, __preload_settings of Tabs {
    Settings shows SettingsLayout,
    FirstTab shows FirstTabPage,
    Models shows ModelsPage,
    Keys shows KeysPage,
    Spending shows SpendingPage,
    Activity shows ActivityPage,
    Account shows AccountPage,
    Invitations shows InvitationsPage,
});
